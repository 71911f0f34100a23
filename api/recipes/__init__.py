"""How each model is made from data: its words, its schema, its rows and its estimator.

The law of this room: it says what to make and makes nothing; only training imports it, because recipes
import scikit-learn, which the serving process never does.
"""
