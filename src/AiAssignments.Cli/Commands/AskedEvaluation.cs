using System.CommandLine;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Cli.Commands;

/// <summary>All a command line says about an evaluation (model, dataset, numbers), and the evaluation run to its end.</summary>
internal sealed class AskedEvaluation(Command command)
{
    private readonly ModelOptionSet models = new(command);
    private readonly DatasetOptionSet datasets = new(command);
    private readonly EvaluationOptionSet evaluations = new(command);

    /// <summary>Registers both sides where needed, starts (or resumes) the evaluation and waits. Its failure becomes the command's; Ctrl+C leaves it resumable.</summary>
    public async Task<EvaluationOutcome> RunAsync(EmbeddedRuntime runtime, string model, string dataset, ParseResult parsed, CancellationToken cancellationToken, bool profileMemory = false)
    {
        var version = await models.ResolveAsync(runtime, model, parsed, cancellationToken).ConfigureAwait(false);
        var recognition = datasets.Read(parsed, version.Card.Task);
        var registered = await runtime.Datasets.RegisterAsync(dataset, recognition, cancellationToken).ConfigureAwait(false);
        var options = evaluations.Read(parsed, datasets.Read(parsed));
        var (id, started) = await runtime.Evaluations.StartAsync(version, registered, options, profileMemory, cancellationToken).ConfigureAwait(false);
        if (profileMemory && !started)
        {
            await Console.Error.WriteLineAsync($"note: this was evaluated before, and its report stays as it is; to measure memory, delete it first: aia evaluations delete {id[..8]}").ConfigureAwait(false);
        }

        var job = await runtime.Evaluations.WaitAsync(id, cancellationToken).ConfigureAwait(false);
        return job.Status switch
        {
            WorkflowStatus.Completed => job.Outcome!,
            WorkflowStatus.Cancelled => throw new OperationCanceledException(),
            _ => throw new ProblemException(job.Problem ?? new Problem("evaluation-failed", "The evaluation failed without saying why.")),
        };
    }
}
