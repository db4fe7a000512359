using AiAssignments.Core.Models;

namespace AiAssignments.Core.Datasets;

/// <summary>What was recognized about a dataset: enough to plan and read it again the same way. Serialized with the dataset's document.</summary>
public sealed record DatasetDescription
{
    /// <summary>Name of the format: <c>csv</c>, <c>tsv</c>, <c>jsonl</c>, <c>parquet</c>, <c>conll</c>, <c>cifar10</c>, <c>imdb</c>, <c>image-archive</c>.</summary>
    public required string Format { get; init; }

    /// <summary>The dialect, for a person: <c>AG News</c>, <c>SST-2</c>, <c>IMDB reviews</c>, <c>Hugging Face export</c>; <c>null</c> when none applies.</summary>
    public string? Layout { get; init; }

    /// <summary>The task whose records it holds.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>All columns in order (empty for formats without).</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Column of the text, the words or the image.</summary>
    public string? InputColumn { get; init; }

    /// <summary>A second column that is part of the text and is joined to it with a blank (AG News' description after its title).</summary>
    public string? InputTailColumn { get; init; }

    /// <summary>Column of the second text of a pair.</summary>
    public string? PairColumn { get; init; }

    /// <summary>Column of the label or the tags.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Columns whose values are kept with each record.</summary>
    public IReadOnlyList<string> SliceColumns { get; init; } = [];

    /// <summary>Class names that the data itself declares, by index (Hugging Face metadata, <c>batches.meta.txt</c>, folder names); empty when it declares none.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>CSV/TSV field delimiter.</summary>
    public char? Delimiter { get; init; }

    /// <summary>CSV/TSV: fields may be quoted with <c>"</c> (SST-2's TSV is not).</summary>
    public bool Quoted { get; init; } = true;

    /// <summary>CSV/TSV: the first row is a header.</summary>
    public bool Header { get; init; }

    /// <summary>Bytes before the first record: BOM, header row.</summary>
    public long DataStart { get; init; }

    /// <summary>Facts of a format that only its reader understands.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}
