import kafkajs, { type AclEntry } from 'kafkajs'

/**
 * Gives `worker` every right on topics, groups and transactional ids, and `reader` the right to describe them. Whoever sees a
 * topic made afterwards sees these rights too, as brokers learn of both in order.
 * @param brokers listeners that need no user
 */
export async function grantAccess(brokers: string[]): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    await admin.createAcls({ acl: [...entries('worker', 'ALL'), ...entries('reader', 'DESCRIBE')] })
  } finally {
    await admin.disconnect()
  }
}

function entries(user: string, operation: 'ALL' | 'DESCRIBE'): AclEntry[] {
  const { TOPIC, GROUP, TRANSACTIONAL_ID } = kafkajs.AclResourceTypes
  return [TOPIC, GROUP, TRANSACTIONAL_ID].map((resourceType) => ({
    resourceType,
    resourceName: '*',
    resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
    principal: `User:${user}`,
    host: '*',
    operation: kafkajs.AclOperationTypes[operation],
    permissionType: kafkajs.AclPermissionTypes.ALLOW,
  }))
}
