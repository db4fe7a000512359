using System.CommandLine;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Terminal;

namespace AiAssignments.Cli.Commands;

/// <summary><c>aia evaluate --model PATH_OR_NAME --dataset FILE --out FOLDER</c>.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "A registered model (name or name@version), a model folder, or an .onnx file.", Required = true };
        var dataset = new Option<string>("--dataset") { Description = "The dataset: a file, or a folder in a known layout.", Required = true };
        var output = new Option<DirectoryInfo?>("--out") { Description = "Folder to copy the report and the predictions to." };
        var command = new Command("evaluate", "Score a model on a dataset and write a report.") { model, dataset, output };
        var common = new CommonOptions(command);
        var models = new ModelOptionSet(command);
        var datasets = new DatasetOptionSet(command);
        var evaluations = new EvaluationOptionSet(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (runtime, view) = await common.OpenAsync(parsed, cancellationToken).ConfigureAwait(false);
            await using (runtime.ConfigureAwait(false))
            {
                EvaluationOutcome? outcome = null;
                await view.RunAsync(async () =>
                {
                    var version = await models.ResolveAsync(runtime, parsed.GetValue(model)!, parsed, cancellationToken).ConfigureAwait(false);
                    var recognition = datasets.Read(parsed, version.Card.Task);
                    var registered = await runtime.Datasets.RegisterAsync(parsed.GetValue(dataset)!, recognition, cancellationToken).ConfigureAwait(false);
                    var (id, _) = await runtime.Evaluations.StartAsync(version, registered, evaluations.Read(parsed, datasets.Read(parsed)), cancellationToken).ConfigureAwait(false);
                    outcome = await WaitAsync(runtime, id, cancellationToken).ConfigureAwait(false);
                }).ConfigureAwait(false);

                var folder = parsed.GetValue(output)?.FullName;
                if (folder is not null)
                {
                    await runtime.CopyReportAsync(outcome!.ReportFolder, folder, cancellationToken).ConfigureAwait(false);
                }

                if (common.Json(parsed))
                {
                    CommandLine.WriteJson(new { Outcome = outcome, Report = ReportPath(runtime, outcome!, folder) });
                }
                else
                {
                    ResultsTable.Write(Consoles.Out, [outcome!], one => ReportPath(runtime, one, folder));
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Waits for an evaluation's end; its failure becomes this command's. Ctrl+C leaves it resumable.</summary>
    public static async Task<EvaluationOutcome> WaitAsync(EmbeddedRuntime runtime, string id, CancellationToken cancellationToken)
    {
        var job = await runtime.Evaluations.WaitAsync(id, cancellationToken).ConfigureAwait(false);
        return job.Status switch
        {
            WorkflowStatus.Completed => job.Outcome!,
            WorkflowStatus.Cancelled => throw new OperationCanceledException(),
            _ => throw new ProblemException(job.Problem ?? new Problem("evaluation-failed", "The evaluation failed without saying why.")),
        };
    }

    private static string ReportPath(EmbeddedRuntime runtime, EvaluationOutcome outcome, string? folder) =>
        Path.Combine(folder ?? runtime.FilePath(outcome.ReportFolder), "report.html");
}
