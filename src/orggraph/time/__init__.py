"""Days, partial dates, spans and what is known of them."""
