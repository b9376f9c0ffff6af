-- The events stand in the same order and have the index for it. This one was written with every transcription.
DROP INDEX reporting.transcriptions_newest;
