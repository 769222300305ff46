"""What is measured: one document beside the best statement for it, a file each.

A hand-written statement is what an expert would write for this file and this document: it gives the same bytes, and leaves out
what these data do not need. It takes for granted that persons, units, communities and streets are always there, that a
community has one street, that a committee's form never changes, that nobody covers one community twice.
"""
