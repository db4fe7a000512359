using System.CommandLine;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;

namespace AiAssignments.Cli.Commands;

/// <summary>What a user can say about a dataset.</summary>
internal sealed class DatasetOptionSet
{
    private readonly Option<string?> format = new("--format") { Description = "Format of the dataset, when its content does not tell: csv, tsv, jsonl, parquet, conll, cifar10, imdb, image-archive." };
    private readonly Option<string?> delimiter = new("--delimiter") { Description = "CSV field delimiter: one character, or 'tab'." };
    private readonly Option<bool?> quoted = new("--quoted") { Description = "Whether CSV fields may be quoted (true or false). Default: found." };
    private readonly Option<bool?> header = new("--header") { Description = "Whether the first CSV row is a header (true or false). Default: found." };
    private readonly Option<string?> input = new("--input-column") { Description = "Column of the text, the words or the image: a name or a 0-based index." };
    private readonly Option<string?> pair = new("--pair-column") { Description = "Column of the second text of a pair." };
    private readonly Option<string?> label = new("--label-column") { Description = "Column of the label or the tags." };
    private readonly Option<string[]> slices = new("--slice-column") { Description = "Column to slice results by. May be repeated.", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> map = new("--label-map") { Description = "DATA=MODEL: a label as the data spells it and the model's name for it. May be repeated.", DefaultValueFactory = _ => [] };

    public DatasetOptionSet(Command command)
    {
        foreach (Option option in new Option[] { format, delimiter, quoted, header, input, pair, label, slices, map })
        {
            command.Options.Add(option);
        }
    }

    public DatasetOptions Read(ParseResult parsed, ModelTask? task = null)
    {
        var pairs = parsed.GetValue(map)!;
        return new DatasetOptions
        {
            Task = task,
            Format = parsed.GetValue(format),
            Delimiter = DelimiterOf(parsed.GetValue(delimiter)),
            Quoted = parsed.GetValue(quoted),
            Header = parsed.GetValue(header),
            InputColumn = parsed.GetValue(input),
            PairColumn = parsed.GetValue(pair),
            LabelColumn = parsed.GetValue(label),
            SliceColumns = parsed.GetValue(slices)!,
            LabelMap = pairs.Length == 0 ? null : pairs.Select(SplitPair).ToDictionary(one => one.Data, one => one.Model, StringComparer.Ordinal),
        };
    }

    private static char? DelimiterOf(string? text) => text switch
    {
        null => null,
        "tab" or "\\t" => '\t',
        { Length: 1 } => text[0],
        _ => throw new ProblemException("option-invalid", $"--delimiter is '{text}'; it must be one character, or 'tab'."),
    };

    private static (string Data, string Model) SplitPair(string pair)
    {
        var at = pair.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && at < pair.Length - 1
            ? (pair[..at], pair[(at + 1)..])
            : throw new ProblemException("option-invalid", $"--label-map is '{pair}'; it must be DATA=MODEL, for example 1=World.");
    }
}
