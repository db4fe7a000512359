using System.Diagnostics;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry;

namespace AiAssignments.Inference.Serving.Batching;

/// <summary>Runs a formed batch, measures it, and ends the requests whose last row it had.</summary>
internal sealed class BatchRun(QueueLimits limits, TimeProvider time, BatchCounts batches)
{
    private readonly KeyValuePair<string, object?> model = new("model", limits.Model);
    private readonly KeyValuePair<string, object?> version = new("version", limits.Version);

    public void Run(LaneScratch scratch)
    {
        var started = time.GetTimestamp();
        var (longest, shares) = (0, scratch.Shares);
        foreach (var row in scratch.Batch)
        {
            longest = Math.Max(longest, row.Length);
            shares[row.Request] = shares.GetValueOrDefault(row.Request) + 1;
        }

        // Before the figures: what they record while it is current leads to it.
        using var activity = Start(scratch, longest);
        foreach (var (request, _) in shares)
        {
            Instruments.QueueWait.Record(time.GetElapsedTime(request.QueuedAt, started).TotalSeconds, model);
        }

        Instruments.BatchRows.Record(scratch.Batch.Count, model);
        Instruments.BatchTokens.Record((long)longest * scratch.Batch.Count, model);
        if (Try(scratch.Batch, started, shares) is { } failed)
        {
            activity?.SetStatus(ActivityStatusCode.Error, failed.Problem.Code);
            Isolate([.. shares.Keys], scratch.Batch, started, failed);
        }

        foreach (var row in scratch.Batch)
        {
            row.Release();
        }
    }

    private ProblemException? Try(List<QueuedRow> rows, long started, Dictionary<ServeRequest, int> shares)
    {
        TimeSpan ran;
        try
        {
            ran = rows[0].Request.Kind.Runner.Run(rows);
        }
        catch (ProblemException failed)
        {
            // Where the graph lies on this machine is nothing for callers.
            return new ProblemException(failed.Problem with { Where = null }, failed);
        }
#pragma warning disable CA1031 // Whatever it is, it is the answer to these requests; the lane goes on with others.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            return new ProblemException(new("inference-failed", $"The batch could not be run: {unexpected.Message}"), unexpected);
        }

        batches.Add(rows.Count, ran);
        Instruments.InferenceDuration.Record(ran.TotalSeconds, model, version);
        var (ended, batch) = (time.GetTimestamp(), Activity.Current?.Context ?? default);
        foreach (var (request, count) in shares)
        {
            request.RowsDone(count, time.GetElapsedTime(request.QueuedAt, started), ran, new(started, ended, count, batch));
        }

        return null;
    }

    // One request's input (an id outside of the vocabulary) must not fail the others that share its batch, nor have each of them run alone:
    // halves are run until the one that fails stands by itself.
    private void Isolate(ReadOnlySpan<ServeRequest> requests, List<QueuedRow> batch, long started, ProblemException failed)
    {
        if (requests.Length == 1)
        {
            requests[0].TryFail(failed);
            return;
        }

        var middle = requests.Length / 2;
        Again(requests[..middle], batch, started);
        Again(requests[middle..], batch, started);
    }

    private void Again(ReadOnlySpan<ServeRequest> requests, List<QueuedRow> batch, long started)
    {
        var shares = new Dictionary<ServeRequest, int>();
        foreach (var request in requests)
        {
            if (!request.Ended)
            {
                shares[request] = 0;
            }
        }

        var rows = batch.Where(row => shares.ContainsKey(row.Request)).ToList();
        rows.ForEach(row => shares[row.Request]++);
        if (rows.Count > 0 && Try(rows, started, shares) is { } failed)
        {
            Isolate([.. shares.Keys], batch, started, failed);
        }
    }

    private Activity? Start(LaneScratch scratch, int longest)
    {
        if (!Instruments.Source.HasListeners())
        {
            return null;
        }

        // A batch has many parents; it stands below the first that is traced and links to all.
        var links = scratch.Shares.Keys.Where(request => request.Origin is not null).Select(request => new ActivityLink(request.Origin!.Value)).ToList();
        return links.Count == 0
            ? null
            : Instruments.Source.StartActivity("batch", ActivityKind.Internal, links[0].Context, links: links)
                ?.SetTag("model", limits.Model).SetTag("version", limits.Version).SetTag("rows", scratch.Batch.Count).SetTag("longest", longest);
    }
}
