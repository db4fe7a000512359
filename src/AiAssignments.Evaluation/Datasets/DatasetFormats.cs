using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Cifar;
using AiAssignments.Evaluation.Datasets.Conll;
using AiAssignments.Evaluation.Datasets.Delimited;
using AiAssignments.Evaluation.Datasets.Images;
using AiAssignments.Evaluation.Datasets.Imdb;
using AiAssignments.Evaluation.Datasets.JsonLines;
using AiAssignments.Evaluation.Datasets.Parquet;

namespace AiAssignments.Evaluation.Datasets;

/// <summary>All formats that datasets can have.</summary>
public static class DatasetFormats
{
    private const int ShownBytes = 32;

    /// <summary>In the order in which they are tried: those with a signature first, delimited text, which almost any text resembles, last.</summary>
    public static IReadOnlyList<IDatasetFormat> All { get; } =
    [
        new ParquetFormat(),
        new Cifar10Format(),
        new ImdbArchiveFormat(),
        new ImageArchiveFormat(),
        new JsonLinesFormat(),
        new ConllFormat(),
        DelimitedFormat.Tsv,
        DelimitedFormat.Csv,
    ];

    /// <summary>The format of a name.</summary>
    /// <param name="name">For example <c>csv</c>.</param>
    /// <exception cref="ProblemException"><c>dataset-format-unknown</c>.</exception>
    public static IDatasetFormat ByName(string name) => All.FirstOrDefault(format => format.Name == name)
        ?? throw new ProblemException("dataset-format-unknown", $"'{name}' is not a dataset format; use one of {Names()}.");

    /// <summary>Finds the format by content, or checks the one that the user named.</summary>
    /// <param name="source">The staged (uncompressed) dataset.</param>
    /// <param name="options">What the user said.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <exception cref="ProblemException"><c>dataset-empty</c>; <c>dataset-unrecognized</c>; or a format's own: it is this format, but cannot be read.</exception>
    public static async ValueTask<(IDatasetFormat Format, DatasetDescription Description)> DetectAsync(IDataSource source, DatasetOptions options, CancellationToken cancellationToken)
    {
        if (source.Length == 0)
        {
            throw new ProblemException("dataset-empty", "The dataset has no bytes.");
        }

        foreach (var format in options.Format is { } name ? [ByName(name)] : All)
        {
            if (await format.RecognizeAsync(source, options, cancellationToken).ConfigureAwait(false) is { } description)
            {
                return (format, description);
            }
        }

        var seen = await ShowAsync(source, cancellationToken).ConfigureAwait(false);
        throw new ProblemException(
            "dataset-unrecognized",
            options.Format is { } said
                ? $"The file is not {said}: it begins with {seen}."
                : $"The dataset's format is not recognized: it begins with {seen}. Accepted are {Names()}; for a table, say which columns hold the input and the label, and which character delimits them.",
            "byte 0");
    }

    private static string Names() => string.Join(", ", All.Select(format => format.Name));

    private static async ValueTask<string> ShowAsync(IDataSource source, CancellationToken cancellationToken)
    {
        var bytes = new byte[Math.Min(ShownBytes, source.Length)];
        var stream = await source.OpenReadAsync(0, bytes.Length, cancellationToken).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var shown = new StringBuilder("'");
        foreach (var value in bytes.AsSpan(0, read))
        {
            shown.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
        }

        return shown.Append("' (").Append(Convert.ToHexString(bytes, 0, Math.Min(read, 8))).Append(')').ToString();
    }
}
