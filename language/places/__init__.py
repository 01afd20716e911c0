"""Places of Ukraine: the gazetteer, declension, and finding them in both languages."""
