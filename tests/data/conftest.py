from hypothesis import settings

# A busy machine is slow, not wrong: examples may take their time.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
