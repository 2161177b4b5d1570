// Makes the replica set, the administrator, and one user a service that can use that service's database and no other; intake
// also the one with the keys of its vault, which is apart so that no backup holds both.
// Runs in the network of the mongo container: until the first user exists, mongod lets only its own host do this.
// Doing it again changes nothing, except that it sets the passwords that the secrets hold now.
const fs = require("fs");
const SERVICES = ["intake", "routing", "notifications", "reporting"];
const MORE = { intake: [{ role: "readWrite", db: "intake_keys" }] };
const ALREADY_INITIATED = 23, UNAUTHORIZED = 13, AUTHENTICATION_FAILED = 18;

const secret = (name) => fs.readFileSync(`/run/secrets/${name}`, "utf8").trim();
const passwordIn = (url) => url.match(/^mongodb:\/\/[^:]+:([^@]+)@/)[1];

function connected() {
  for (let tries = 0; ; tries++) {
    try {
      return new Mongo("mongodb://127.0.0.1:27017/?directConnection=true&serverSelectionTimeoutMS=2000");
    } catch (error) {
      if (tries >= 30) throw error;
      sleep(1000);
    }
  }
}

function signedIn(admin) {
  try {
    return admin.auth("root", secret("mongo_root_password")).ok === 1;
  } catch (error) {
    if (error.code !== AUTHENTICATION_FAILED) throw error;
    return false;
  }
}

function initiate(admin) {
  try {
    admin.runCommand({ replSetInitiate: { _id: "rs0", members: [{ _id: 0, host: "mongo:27017" }] } });
  } catch (error) {
    if (error.code === UNAUTHORIZED)
      throw new Error("The database knows another password for root than the secret mongo_root_password holds.");
    if (error.code !== ALREADY_INITIATED) throw error;
  }
}

function waitForPrimary(admin) {
  for (let tries = 0; !admin.hello().isWritablePrimary; tries++) {
    if (tries >= 300) throw new Error("mongod did not become primary within 60 s.");
    sleep(200);
  }
}

function ensureUser(database, name, pwd, roles) {
  const command = database.getUser(name) ? "updateUser" : "createUser";
  database.runCommand({ [command]: name, pwd, roles });
  print(`${command} ${name}`);
}

const admin = connected().getDB("admin");
const known = signedIn(admin);
if (!known) initiate(admin);
waitForPrimary(admin);
if (!known) {
  admin.createUser({ user: "root", pwd: secret("mongo_root_password"), roles: ["root"] });
  admin.auth("root", secret("mongo_root_password"));
}
for (const name of SERVICES) {
  const own = admin.getSiblingDB(name);
  ensureUser(own, name, passwordIn(secret(`${name}_mongo_url`)), [{ role: "readWrite", db: name }, ...(MORE[name] ?? [])]);
}
print("the database is ready");
