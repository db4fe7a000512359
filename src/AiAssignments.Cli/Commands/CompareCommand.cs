using System.CommandLine;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Comparisons;
using AiAssignments.Terminal;

namespace AiAssignments.Cli.Commands;

/// <summary><c>aia compare A B</c>: two evaluations of the same records, with a paired test.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var a = new Argument<string>("A") { Description = "The baseline: an evaluation id (or its start), a folder that 'aia evaluate --out' wrote, or with --dataset a model." };
        var b = new Argument<string>("B") { Description = "The other one." };
        var dataset = new Option<string?>("--dataset") { Description = "Evaluate models A and B on this dataset first (what was evaluated before is not evaluated again)." };
        var output = new Option<DirectoryInfo?>("--out") { Description = "Folder for the comparison report. Default: in the data folder." };
        var command = new Command("compare", "Compare two evaluations on the same records and say whether the difference is real.") { a, b, dataset, output };
        var common = new CommonOptions(command);
        var asked = new AskedEvaluation(command);
        common.SetAction(async (parsed, runtime, view, cancellationToken) =>
        {
            Comparison? comparison = null;
            await view.RunAsync(async () =>
            {
                var left = await SideAsync(parsed.GetValue(a)!).ConfigureAwait(false);
                var right = await SideAsync(parsed.GetValue(b)!).ConfigureAwait(false);
                comparison = await Comparer.CompareAsync(left, right, cancellationToken).ConfigureAwait(false);
            }).ConfigureAwait(false);

            // Made here, it stays here, also where the blobs lie outside of the data folder.
            var folder = parsed.GetValue(output)?.FullName
                ?? (runtime.Blobs is ILocalBlobStore ? runtime.FilePath(comparison!.DefaultFolder) : Path.Combine(common.DataFolder(parsed), comparison!.DefaultFolder));
            await comparison!.WriteAsync(folder, cancellationToken).ConfigureAwait(false);
            if (common.Json(parsed))
            {
                CommandLine.WriteJson(new { comparison.Result.Verdict, comparison.Result.Differences, comparison.Result.Paired, comparison.Result.OnlyA, comparison.Result.OnlyB, Report = Path.Combine(folder, "comparison.html") });
            }
            else
            {
                await Console.Out.WriteLineAsync(SafeText.Of(comparison.Result.Verdict, 1000)).ConfigureAwait(false);
                await Console.Out.WriteLineAsync($"  report: {Path.Combine(folder, "comparison.html")}").ConfigureAwait(false);
            }

            return ExitCodes.Done;

            async Task<EvaluatedSide> SideAsync(string reference)
            {
                if (parsed.GetValue(dataset) is { } file)
                {
                    return runtime.SideOf(await asked.RunAsync(runtime, reference, file, parsed, cancellationToken).ConfigureAwait(false));
                }

                if (Directory.Exists(reference))
                {
                    return EvaluatedSide.OfFolder(reference);
                }

                var job = await runtime.Evaluations.FindAsync(reference, cancellationToken).ConfigureAwait(false);
                return job?.Outcome is { } done
                    ? runtime.SideOf(done)
                    : throw new ProblemException("evaluation-not-found", $"'{reference}' is neither the id of a completed evaluation nor a folder written by 'aia evaluate --out'. To compare two models, give --dataset.");
            }
        });
        return command;
    }
}
