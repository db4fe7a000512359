using System.CommandLine;
using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Predictions;
using AiAssignments.Terminal;

namespace AiAssignments.Cli.Commands;

/// <summary><c>aia predict</c>: one input, or one a line from the input stream.</summary>
internal static class PredictCommand
{
    private const int InputsAtOnce = 256;

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "A registered model, a model folder, or an .onnx file.", Required = true };
        var text = new Option<string?>("--text") { Description = "The text; for taggers, words separated by blanks." };
        var pair = new Option<string?>("--pair") { Description = "The second text of a pair." };
        var image = new Option<FileInfo?>("--image") { Description = "An image file." };
        var top = new Option<int>("--top-k") { Description = "Labels shown, most probable first.", DefaultValueFactory = _ => 3 };
        var command = new Command("predict", "Ask a model. Without --text or --image, each line of the input stream is one text.") { model, text, pair, image, top };
        var common = new CommonOptions(command);
        var models = new ModelOptionSet(command);
        common.SetAction(async (parsed, runtime, _, cancellationToken) =>
        {
            var version = await models.ResolveAsync(runtime, parsed.GetValue(model)!, parsed, cancellationToken).ConfigureAwait(false);
            var inputs = await InputsAsync(parsed.GetValue(text), parsed.GetValue(pair), parsed.GetValue(image), cancellationToken).ConfigureAwait(false);
            var predictions = await PredictAsync(runtime.Predictor, version, inputs, parsed.GetValue(top), cancellationToken).ConfigureAwait(false);
            if (common.Json(parsed))
            {
                CommandLine.WriteJson(new { Model = version.Reference, Predictions = predictions });
            }
            else
            {
                foreach (var prediction in predictions)
                {
                    await Console.Out.WriteLineAsync(Line(prediction)).ConfigureAwait(false);
                }
            }

            return predictions.Any(prediction => prediction.Error is not null) ? ExitCodes.Refused : ExitCodes.Done;
        });
        return command;
    }

    private static async Task<List<PredictionAnswer>> PredictAsync(
        IPredictor predictor, ModelVersion version, IReadOnlyList<PredictionInput> inputs, int top, CancellationToken cancellationToken)
    {
        // Nobody else waits: a file of any length is asked for piece by piece, however long each takes.
        var options = new PredictionOptions { TopK = top, Timeout = TimeSpan.FromDays(1) };
        var answers = new List<PredictionAnswer>(inputs.Count);
        foreach (var piece in inputs.Chunk(InputsAtOnce))
        {
            answers.AddRange((await predictor.PredictAsync(version.Card.Name, version.Card.Version, piece, options, cancellationToken).ConfigureAwait(false)).Answers);
        }

        return answers;
    }

    private static async Task<IReadOnlyList<PredictionInput>> InputsAsync(string? text, string? pair, FileInfo? image, CancellationToken cancellationToken)
    {
        if (image is not null)
        {
            return image.Exists
                ? [PredictionInput.OfImage(await File.ReadAllBytesAsync(image.FullName, cancellationToken).ConfigureAwait(false))]
                : throw new ProblemException("image-not-found", "There is no such file.", image.FullName);
        }

        if (text is not null)
        {
            return [PredictionInput.OfText(text, pair)];
        }

        var lines = new List<PredictionInput>();
        while (await Console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            lines.Add(PredictionInput.OfText(line, null));
        }

        return lines;
    }

    private static string Line(PredictionAnswer prediction)
    {
        if (prediction.Error is { } error)
        {
            return $"error: {SafeText.Of(error.Message, 1000)} [{error.Code}]";
        }

        return prediction.Tags is { } tags
            ? string.Join(' ', tags.Select(tag => $"{SafeText.Of(tag.Word)}/{tag.Label}"))
            : string.Join("  ", prediction.Labels!.Select(label => FormattableString.Invariant($"{SafeText.Of(label.Label)} {label.Probability:F4}")));
    }
}
