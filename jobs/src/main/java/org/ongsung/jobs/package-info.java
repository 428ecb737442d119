/// What the gateway does besides carrying sessions: jobs that wait in a queue, the workers that
/// lease them, and the schedules that make them. Imports `model`.
///
/// A job's whole state lies in the [org.ongsung.jobs.JobStore]; a worker knows nothing but the
/// [org.ongsung.jobs.JobQueue], and so needs no database and may be anywhere.
@NullMarked
package org.ongsung.jobs;

import org.jspecify.annotations.NullMarked;
