using System.CommandLine;
using AiAssignments.Core.Models;
using AiAssignments.Pipeline.Samples;
using AiAssignments.Terminal;

namespace AiAssignments.Cli.Commands;

/// <summary><c>aia samples build</c>: the command that made the sample models.</summary>
internal static class SamplesCommand
{
    public static Command Create() => new("samples", "The models that come with the project.") { Build() };

    private static Command Build()
    {
        var data = new Option<DirectoryInfo[]>("--from") { Description = "Folder with public data (SST-2 or IMDB, AG News, CoNLL-2003, Fashion-MNIST) under its usual file names. May be repeated.", Required = true };
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder in which a folder per model is made.", Required = true };
        var only = new Option<string[]>("--only") { Description = $"Model to build: {string.Join(", ", SampleModelBuilder.Names)}. May be repeated. Default: all.", DefaultValueFactory = _ => [] };
        var json = new Option<bool>("--json") { Description = "Write one JSON document." };
        var command = new Command("build", "Train the sample models from data that you point to.") { data, output, only, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var quiet = parsed.GetValue(json);
            var progress = new Lines(quiet);
            var results = await new SampleModelBuilder().BuildAsync(
                [.. parsed.GetValue(data)!.Select(folder => folder.FullName)],
                parsed.GetValue(output)!.FullName,
                parsed.GetValue(only),
                progress,
                cancellationToken).ConfigureAwait(false);
            if (quiet)
            {
                CommandLine.WriteJson(results);
            }
            else
            {
                foreach (var result in results)
                {
                    await Console.Out.WriteLineAsync(Line(result)).ConfigureAwait(false);
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static string Line(SampleBuildResult result)
    {
        if (result.Card is not { } card)
        {
            return $"{result.Name}: not built, it needs {result.Missing}";
        }

        var claims = string.Join(", ", (card.Claims ?? new Dictionary<string, double>()).Select(claim => FormattableString.Invariant($"{claim.Key} {claim.Value:F4}")));
        return $"{result.Name}: {card.Task.Name()}, {claims}; {SafeText.Of(result.Folder!, 300)}";
    }

    /// <summary>A line a step on the error stream; synchronous, so that lines keep their order.</summary>
    private sealed class Lines(bool quiet) : IProgress<SampleBuildProgress>
    {
        public void Report(SampleBuildProgress value)
        {
            if (!quiet)
            {
                Console.Error.WriteLine(value.Epoch is { } epoch ? $"{value.Model}: {value.Step} {epoch}" : $"{value.Model}: {value.Step}");
            }
        }
    }
}
