using System.Collections.Concurrent;
using AiAssignments.Core.Jobs;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Adds up the records scored by all shards of an evaluation in this process, for progress bars. Only for show: a restart begins at the shards that are missing.</summary>
/// <param name="publisher">Told the sums.</param>
public sealed class ShardProgress(IProgressPublisher publisher)
{
    private readonly ConcurrentDictionary<string, Job> jobs = new(StringComparer.Ordinal);

    internal Job Of(EvaluationPlan plan) =>
        jobs.GetOrAdd(plan.Request.EvaluationId, id => new Job(publisher, id, plan.Title, plan.Shards.RecordCount));

    internal void Forget(string evaluationId) => jobs.TryRemove(evaluationId, out _);

    internal sealed class Job(IProgressPublisher publisher, string id, string title, long total)
    {
        private long done;

        public void Advance(int records)
        {
            if (records > 0)
            {
                // Windows of long sentences are rows too, so the sum can pass the total; a shard that is run again is counted again.
                publisher.Publish(new JobProgress(id, title, "scoring", Math.Min(total, Interlocked.Add(ref done, records)), total));
            }
        }
    }
}
