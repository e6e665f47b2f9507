/**
 * Properties of the Java clients (4.3) and of librdkafka (2.x) that say nothing of how dtstream reaches the brokers; a
 * store's type among them, because its content tells it.
 */
const NAMES = `
  acks allow.auto.create.topics api.version.fallback.ms api.version.request api.version.request.timeout.ms
  auto.commit.enable auto.commit.interval.ms auto.offset.reset batch.num.messages batch.size bootstrap.controllers
  broker.address.family broker.address.ttl broker.version.fallback buffer.memory builtin.features check.crcs
  client.dns.lookup client.rack compression.codec compression.gzip.level compression.level compression.lz4.level
  compression.type compression.zstd.level config.providers connections.max.idle.ms consume.callback.max.messages
  coordinator.query.interval.ms debug default.api.timeout.ms default_topic_conf delivery.report.only.error
  delivery.timeout.ms enable.auto.commit enable.auto.offset.store enable.gapless.guarantee enable.idempotence
  enable.metrics.push enable.partition.eof enable.random.seed enable.sasl.oauthbearer.unsecure.jwt enabled_events
  exclude.internal.topics fetch.error.backoff.ms fetch.max.bytes fetch.max.wait.ms fetch.message.max.bytes
  fetch.min.bytes fetch.queue.backoff.ms fetch.wait.max.ms group.id group.instance.id group.protocol
  group.protocol.type group.remote.assignor heartbeat.interval.ms interceptor.classes interceptors
  internal.termination.signal internal.throw.on.fetch.stable.offset.unsupported isolation.level key.deserializer
  key.serializer linger.ms log.connection.close log.queue log.thread.name log_level max.block.ms max.in.flight
  max.in.flight.requests.per.connection max.partition.fetch.bytes max.poll.interval.ms max.poll.records
  max.request.size message.copy.max.bytes message.max.bytes message.send.max.retries message.timeout.ms
  metadata.max.age.ms metadata.max.idle.ms metadata.recovery.rebootstrap.trigger.ms metadata.recovery.strategy
  metric.reporters metrics.num.samples metrics.recording.level metrics.sample.window.ms msg_order_cmp
  offset.store.method offset.store.path offset.store.sync.interval.ms opaque partition.assignment.strategy
  partitioner partitioner.adaptive.partitioning.enable partitioner.availability.timeout.ms partitioner.class
  partitioner.ignore.keys plugin.library.paths produce.offset.report queue.buffering.backpressure.threshold
  queue.buffering.max.kbytes queue.buffering.max.messages queue.buffering.max.ms queued.max.messages.kbytes
  queued.min.messages queuing.strategy receive.buffer.bytes receive.message.max.bytes reconnect.backoff.jitter.ms
  reconnect.backoff.max.ms reconnect.backoff.ms request.required.acks request.timeout.ms retries
  retry.backoff.max.ms retry.backoff.ms sasl.kerberos.keytab sasl.kerberos.kinit.cmd
  sasl.kerberos.min.time.before.relogin sasl.kerberos.principal sasl.kerberos.service.name
  sasl.kerberos.ticket.renew.jitter sasl.kerberos.ticket.renew.window.factor sasl.login.callback.handler.class
  sasl.login.class sasl.login.connect.timeout.ms sasl.login.read.timeout.ms sasl.login.refresh.buffer.seconds
  sasl.login.refresh.min.period.seconds sasl.login.refresh.window.factor sasl.login.refresh.window.jitter
  sasl.login.retry.backoff.max.ms sasl.login.retry.backoff.ms sasl.oauthbearer.jwt.retriever.class send.buffer.bytes
  session.timeout.ms share.acknowledgement.mode share.acquire.mode socket.blocking.max.ms
  socket.connection.setup.timeout.max.ms socket.connection.setup.timeout.ms socket.keepalive.enable socket.max.fails
  socket.nagle.disable socket.receive.buffer.bytes socket.send.buffer.bytes socket.timeout.ms
  ssl.keymanager.algorithm ssl.keystore.password ssl.keystore.type ssl.protocol ssl.provider
  ssl.secure.random.implementation ssl.trustmanager.algorithm ssl.truststore.password ssl.truststore.type
  statistics.interval.ms sticky.partitioning.linger.ms topic.blacklist topic.metadata.propagation.max.ms
  topic.metadata.refresh.fast.cnt topic.metadata.refresh.fast.interval.ms topic.metadata.refresh.interval.ms
  topic.metadata.refresh.sparse transaction.timeout.ms transaction.two.phase.commit.enable transactional.id
  value.deserializer value.serializer
`

/** Known to Kafka's clients and of no use here, so that a file made for another client can be given as it is. */
export const PASSED_OVER: ReadonlySet<string> = new Set(NAMES.trim().split(/\s+/))
