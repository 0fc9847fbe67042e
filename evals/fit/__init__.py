"""`evals fit NAME`: make a shipped model file anew from a folder of labelled data.

No text goes into a model file: coefficients of readable features, and under `about` the sources
with their licences, the number of rows, and figures on rows that the fit had not seen.
"""
