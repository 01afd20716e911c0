"""Read and write Ukrainian and English: letters, words, facts, dates, places. Pure; imports `core` only."""
