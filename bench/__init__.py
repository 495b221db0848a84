"""Measurements side by side with plain reference code, as ratios of one run (`make bench`)."""
