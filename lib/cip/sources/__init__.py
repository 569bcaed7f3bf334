"""Sources: recognise publishers' files by their content, check them, and fill the store."""
