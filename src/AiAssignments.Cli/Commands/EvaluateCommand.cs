using System.CommandLine;
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
        var profile = new Option<bool>("--profile-memory") { Description = "Measure what each activity does to the memory of the process, for the report. Slower: two full collections an activity." };
        var command = new Command("evaluate", "Score a model on a dataset and write a report.") { model, dataset, output, profile };
        var common = new CommonOptions(command);
        var asked = new AskedEvaluation(command);
        common.SetAction(async (parsed, runtime, view, cancellationToken) =>
        {
            EvaluationOutcome? outcome = null;
            await view.RunAsync(async () =>
            {
                outcome = await asked.RunAsync(runtime, parsed.GetValue(model)!, parsed.GetValue(dataset)!, parsed, cancellationToken, parsed.GetValue(profile)).ConfigureAwait(false);
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

            return ExitCodes.Done;
        });
        return command;
    }

    private static string ReportPath(EmbeddedRuntime runtime, EvaluationOutcome outcome, string? folder) =>
        Path.Combine(folder ?? runtime.FilePath(outcome.ReportFolder), "report.html");
}
