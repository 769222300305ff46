"""Files → checked rows. Every problem of every file is found before anything is loaded."""
