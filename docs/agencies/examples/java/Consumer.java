import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;

/** Reads an agency's inbox and accepts what it is offered. A start to build on: put your own work where it prints. */
public class Consumer {
    static final String AGENCY = System.getenv("AGENCY");
    static final ObjectMapper JSON = new ObjectMapper();

    /** How to connect to the bus, from the environment: the one place to change. */
    static Properties bus() throws Exception {
        var bus = new Properties();
        bus.put("bootstrap.servers", System.getenv("BUS_SERVERS"));
        var password = Files.readString(Path.of(System.getenv("BUS_PASSWORD_FILE"))).strip();
        bus.put("security.protocol", "SASL_SSL");
        bus.put("ssl.truststore.type", "PEM");
        bus.put("ssl.truststore.location", System.getenv("BUS_CA_FILE"));
        bus.put("sasl.mechanism", "SCRAM-SHA-512");
        bus.put("sasl.jaas.config", "org.apache.kafka.common.security.scram.ScramLoginModule required "
            + "username=\"" + AGENCY + "\" password=\"" + password + "\";");
        for (var side : List.of("serializer", "deserializer")) {
            var text = "org.apache.kafka.common.serialization.String" + (side.equals("serializer") ? "Serializer" : "Deserializer");
            bus.put("key." + side, text);
            bus.put("value." + side, text);
        }
        return bus;
    }

    public static void main(String[] arguments) throws Exception {
        var reading = bus();
        reading.put("group.id", System.getenv().getOrDefault("GROUP", AGENCY + ".records"));
        reading.put("auto.offset.reset", "earliest");
        reading.put("enable.auto.commit", "false");
        var writing = bus();
        writing.put("acks", "all");
        writing.put("enable.idempotence", "true");
        try (var consumer = new KafkaConsumer<String, String>(reading); var producer = new KafkaProducer<String, String>(writing)) {
            var here = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(consumer, here)));
            consumer.subscribe(List.of("agencies." + AGENCY + ".inbox"));
            while (true) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    handle(JSON.readTree(record.value()), producer);
                }
                consumer.commitSync(); // only now: what was not handled to its end comes again
            }
        } catch (WakeupException stopped) {
            // closed by now: the group was left at once, so that the next start need not wait for a time-out
        }
    }

    /** What your system does with an event. It may come twice: what you do with it must bear that. */
    static void handle(JsonNode event, KafkaProducer<String, String> producer) throws Exception {
        var kind = event.get("type").asText().replaceFirst("^org\\.rhtrt\\.", "").replaceFirst("\\.v1$", "");
        var subject = event.get("subject").asText();
        var data = event.get("data");
        switch (kind) {
            case "assignment.offered" -> {
                System.out.println("offered " + subject + " " + data.get("urgency").asText()
                    + " answer by " + data.get("answer_by").asText());
                answer(event, "accepted", JSON.createObjectNode(), producer);
                System.out.println("accepted " + subject);
            }
            case "agency_event.rejected" ->
                System.out.println("rejected " + data.path("event").asText() + " " + data.get("reason").asText());
            default -> System.out.println(kind + " " + subject); // updated, revoked, expired, and what later versions add
        }
    }

    /** Writes to the outbox, and comes back when the bus has it. The id is made from the offer's: sent twice, it counts once. */
    static void answer(JsonNode offer, String kind, ObjectNode data, KafkaProducer<String, String> producer) throws Exception {
        var subject = offer.get("subject").asText();
        var event = JSON.createObjectNode()
            .put("specversion", "1.0")
            .put("id", UUID.nameUUIDFromBytes((offer.get("id").asText() + " " + kind).getBytes()).toString())
            .put("source", "/agencies/" + AGENCY)
            .put("type", "org.rhtrt.agency." + kind + ".v1")
            .put("subject", subject)
            .put("time", Instant.now().toString())
            .put("datacontenttype", "application/json");
        event.set("data", data);
        producer.send(new ProducerRecord<>("agencies." + AGENCY + ".outbox", subject, event.toString())).get();
    }

    static void stop(KafkaConsumer<String, String> consumer, Thread reader) {
        consumer.wakeup();
        try {
            reader.join(10_000);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
