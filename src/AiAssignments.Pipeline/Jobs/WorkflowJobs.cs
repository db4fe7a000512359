using System.Runtime.CompilerServices;
using System.Text.Json;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Optimizations;

namespace AiAssignments.Pipeline.Jobs;

/// <summary>Workflows as jobs.</summary>
/// <param name="workflows">The engine.</param>
public sealed class WorkflowJobs(IWorkflowClient workflows) : IJobSource
{
    private const string Evaluation = "evaluation";
    private const string Optimization = "optimization";

    /// <inheritdoc />
    public async IAsyncEnumerable<JobResource> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var state in workflows.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Of(state) is { } job)
            {
                yield return job;
            }
        }
    }

    /// <inheritdoc />
    public async Task<JobResource?> FindAsync(string id, CancellationToken cancellationToken) =>
        await workflows.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } state ? Of(state) : null;

    /// <summary>A workflow as a job; <c>null</c> for one that is a step of another.</summary>
    /// <param name="state">Its state.</param>
    public static JobResource? Of(WorkflowState state)
    {
        var kind = state.Workflow switch
        {
            nameof(EvaluateDataset) => Evaluation,
            nameof(OptimizeModel) => Optimization,
            _ => null,
        };
        if (kind is null)
        {
            return null;
        }

        var id = Uri.EscapeDataString(state.InstanceId);
        var links = new Dictionary<string, string> { ["self"] = $"/api/jobs/{id}" };
        links[kind] = $"/api/{kind}s/{id}";
        if (state.Status == WorkflowStatus.Completed)
        {
            links["report"] = $"/reports/{id}/{(kind == Evaluation ? ReportFiles.Html : OptimizationPaths.Html)}";
        }

        return new JobResource(state.InstanceId, kind, state.Status, ProgressOf(state.CustomStatus), state.CreatedAt, state.UpdatedAt, links, state.Problem);
    }

    private static JobProgressView? ProgressOf(JsonElement? status)
    {
        if (status is not { ValueKind: JsonValueKind.Object } known || !known.TryGetProperty("stage", out var stage) || stage.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        return new JobProgressView(stage.GetString()!, Number(known, "done", "shardsDone"), Number(known, "total", "shards"));
    }

    private static long Number(JsonElement status, string name, string shards) =>
        (status.TryGetProperty(name, out var value) || status.TryGetProperty(shards, out value)) && value.TryGetInt64(out var number) ? number : 0;
}
