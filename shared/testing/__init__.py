"""What tests share: builders of events, and Hypothesis strategies made from the models. No service may import it."""
