using System.CommandLine;
using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Embedded;
using AiAssignments.Inference.Models;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Cli.Commands;

/// <summary>What a user can say about a model that its folder does not.</summary>
internal sealed class ModelOptionSet
{
    private readonly Option<string?> card = new("--card") { Description = "Model card (JSON) for a single .onnx file." };
    private readonly Option<string?> task = new("--task") { Description = "text-classification, token-classification or image-classification." };
    private readonly Option<string?> labels = new("--labels") { Description = "Label names in the order of the model's outputs, separated by commas." };
    private readonly Option<string?> tokenizer = new("--tokenizer") { Description = "Folder with the tokenizer's files." };
    private readonly Option<int?> maxLength = new("--max-length") { Description = "Longest input in tokens." };
    private readonly Option<string?> imageSize = new("--image-size") { Description = "WIDTHxHEIGHT of the input, for example 32x32." };
    private readonly Option<string?> imageLayout = new("--image-layout") { Description = "NCHW or NHWC. Default: from the graph." };
    private readonly Option<string?> channelOrder = new("--channel-order") { Description = "RGB or BGR. Default: RGB." };
    private readonly Option<string?> mean = new("--mean") { Description = "Mean of each channel after scaling to 0..1, separated by commas." };
    private readonly Option<string?> std = new("--std") { Description = "Standard deviation of each channel, separated by commas." };

    public ModelOptionSet(Command command)
    {
        foreach (Option option in new Option[] { card, task, labels, tokenizer, maxLength, imageSize, imageLayout, channelOrder, mean, std })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>A registered model by its name, or a folder or file, which is registered (not as the active version).</summary>
    public async Task<ModelVersion> ResolveAsync(EmbeddedRuntime runtime, string reference, ParseResult parsed, CancellationToken cancellationToken) =>
        Directory.Exists(reference) || File.Exists(reference)
            ? await runtime.Models.RegisterAsync(reference, Read(parsed), activate: false, cancellationToken).ConfigureAwait(false)
            : await runtime.Models.GetAsync(reference, cancellationToken).ConfigureAwait(false);

    public ModelOverrides? Read(ParseResult parsed)
    {
        var overrides = new ModelOverrides
        {
            CardPath = parsed.GetValue(card),
            Task = parsed.GetValue(task) is { } name ? ModelTasks.Parse(name) : null,
            Labels = parsed.GetValue(labels)?.Split(',', StringSplitOptions.TrimEntries),
            TokenizerFolder = parsed.GetValue(tokenizer),
            MaxLength = parsed.GetValue(maxLength),
            ImageWidth = SizeOf(parsed.GetValue(imageSize))?.Width,
            ImageHeight = SizeOf(parsed.GetValue(imageSize))?.Height,
            ImageLayout = parsed.GetValue(imageLayout),
            ImageChannelOrder = parsed.GetValue(channelOrder),
            ImageMean = NumbersOf("--mean", parsed.GetValue(mean)),
            ImageStd = NumbersOf("--std", parsed.GetValue(std)),
        };
        return overrides == new ModelOverrides() ? null : overrides;
    }

    private static (int Width, int Height)? SizeOf(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Split('x');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width > 0
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var height) && height > 0
                ? (width, height)
                : throw new ProblemException("option-invalid", $"--image-size is '{text}'; it must be WIDTHxHEIGHT, for example 224x224.");
    }

    private static double[]? NumbersOf(string option, string? text) =>
        text?.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ProblemException("option-invalid", $"{option} is '{text}'; it must be numbers separated by commas, for example 0.485,0.456,0.406.")).ToArray();
}
