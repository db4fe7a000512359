using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Labels;

namespace AiAssignments.Evaluation.Datasets.JsonLines;

/// <summary>The properties wanted of each line, by slot.</summary>
internal sealed class JsonFields
{
    /// <summary>Slot of the text or the words.</summary>
    public const int Input = 0;

    /// <summary>Slot of the second text.</summary>
    public const int Pair = 1;

    /// <summary>Slot of the label or the tags.</summary>
    public const int Label = 2;

    /// <summary>Slot of more of the text.</summary>
    public const int Tail = 3;

    /// <summary>Slot of the first slice column.</summary>
    public const int Slices = 4;

    /// <summary>Most slice columns, so that slots fit the bits of a word.</summary>
    public const int MaxSlices = 32;

    private readonly byte[]?[] names;

    public JsonFields(DatasetDescription description)
    {
        Columns = [description.InputColumn, description.PairColumn, description.LabelColumn, description.InputTailColumn, .. description.SliceColumns];
        names = [.. Columns.Select(name => name is null ? null : Encoding.UTF8.GetBytes(name))];
        AreLabelsOptional = OptionalLabels.AreIn(description);
        IsTokens = description.Task == ModelTask.TokenClassification;
    }

    /// <summary>Property names by slot; <c>null</c> for a slot that is not wanted.</summary>
    public IReadOnlyList<string?> Columns { get; }

    /// <summary>Input and label are lists.</summary>
    public bool IsTokens { get; }

    /// <summary>A record without a label is one, and no error.</summary>
    public bool AreLabelsOptional { get; }

    /// <summary>Slots in all.</summary>
    public int Count => names.Length;

    /// <summary>Name of a slot as UTF-8.</summary>
    /// <param name="slot">The slot.</param>
    public byte[]? Name(int slot) => names[slot];
}
