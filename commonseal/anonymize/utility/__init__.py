"""What is left after a recoding: figures, what other k would bring, what can still be predicted."""
