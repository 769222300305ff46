"""The package that an archive keeps: a bag that explains itself, proves itself, and brings the whole graph back."""
