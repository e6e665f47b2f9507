import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT, ExpectedError } from '../../errors.js'

/** A Spark that is installed on this machine. */
export interface SparkHome {
  folder: string
  /** as `4.0.0` */
  version: string
}

const INSTALL =
  'pip install pyspark==4.0.0, and name its folder site-packages/pyspark; or unpack Spark from spark.apache.org'

/**
 * The folder of a Spark that can serve Spark Connect: as given, otherwise of the environment (SPARK_HOME).
 * @throws ExpectedError (exit code 2) where there is none
 */
export function findSparkHome(given: string | undefined, env = process.env): SparkHome {
  const folder = given ?? env.SPARK_HOME
  if (!folder) throw refused('there is no folder of Spark to start a server from', ['name it: --spark-home DIR'])
  const jars = jarsOf(folder)
  if (jars === undefined || !existsSync(submitOf(folder)))
    throw refused(`there is no Spark in ${folder}: bin/spark-submit and jars/ are missing`, [INSTALL])
  const version = versionOf('spark-core', jars)
  if (version === undefined) throw refused(`the Spark in ${folder} is not whole: jars/ has no spark-core`, [INSTALL])
  if (versionOf('spark-connect', jars) === undefined)
    throw refused(`the Spark ${version} in ${folder} has no Connect server`, [
      'take Spark 4.0 or newer, which has it',
      `or put spark-connect of version ${version} from Maven Central into jars/`,
    ])
  return { folder, version }
}

/** The program that starts applications of Spark. */
export function submitOf(folder: string): string {
  return join(folder, 'bin', 'spark-submit')
}

function jarsOf(folder: string): string[] | undefined {
  try {
    return readdirSync(join(folder, 'jars'))
  } catch {
    return undefined
  }
}

/** Of a jar such as spark-core_2.13-4.0.0.jar, behind the version of Scala. */
function versionOf(name: string, jars: string[]): string | undefined {
  const pattern = new RegExp(`^${name}_[\\d.]+-(\\d.*)\\.jar$`)
  return jars.map((jar) => pattern.exec(jar)?.[1]).find((version) => version !== undefined)
}

function refused(sentence: string, suggestions: string[]): ExpectedError {
  return new ExpectedError(sentence, suggestions, EXIT.usage)
}
