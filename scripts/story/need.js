// The story goes from a bucket to Kafka: what either needs is needed, and whoever lacks something says so (exit code 3).
import '../kafka/need.js'
import '../s3/need.js'
