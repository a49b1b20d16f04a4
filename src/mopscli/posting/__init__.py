"""What a job posting asks for: read, judged by its words, and set beside a person."""
