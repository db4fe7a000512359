using AiAssignments.Core.Models;

namespace AiAssignments.Core.Datasets;

/// <summary>What a user says about a dataset that its content does not, or says otherwise. Everything is optional.</summary>
public sealed record DatasetOptions
{
    /// <summary>Nothing said.</summary>
    public static DatasetOptions Default { get; } = new();

    /// <summary>Name of the format; skips recognition.</summary>
    public string? Format { get; init; }

    /// <summary>The task whose records are wanted, when a file could be read for several.</summary>
    public ModelTask? Task { get; init; }

    /// <summary>CSV/TSV field delimiter.</summary>
    public char? Delimiter { get; init; }

    /// <summary>CSV/TSV: whether fields may be quoted with <c>"</c>; recognized when not said (a TSV without quoted fields is not).</summary>
    public bool? Quoted { get; init; }

    /// <summary>CSV/TSV: whether the first row is a header; recognized when not said.</summary>
    public bool? Header { get; init; }

    /// <summary>Column (name, or 0-based index as digits) of the text, the words or the image.</summary>
    public string? InputColumn { get; init; }

    /// <summary>Column of the second text of a pair.</summary>
    public string? PairColumn { get; init; }

    /// <summary>Column of the label or the tags.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Columns to slice results by. Default: none.</summary>
    public IReadOnlyList<string> SliceColumns { get; init; } = [];

    /// <summary>Explicit map from a label as the data spells it to a label name of the model.</summary>
    public IReadOnlyDictionary<string, string>? LabelMap { get; init; }
}
