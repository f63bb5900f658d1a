"""Hold what carries the recognizers: values in, rates, the choice; no recognizer lives here."""
