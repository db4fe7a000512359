using System.Globalization;

namespace AiAssignments.Evaluation.Datasets.Labels;

/// <summary>Labels as text: how they are compared, read as numbers, and shown.</summary>
internal static class LabelText
{
    private const int Shown = 8;
    private const int ShownLength = 30;

    /// <summary>Comparable: trimmed, lower case.</summary>
    /// <param name="label">A label.</param>
    public static string Fold(string label) => label.Trim().ToLowerInvariant();

    /// <summary>Key of a folded spelling in a table that also holds exact ones: a <c>~</c> keeps <c>us</c> for <c>US</c> apart from a label <c>us</c>.</summary>
    /// <param name="label">A label.</param>
    public static string Key(string label) => "~" + Fold(label);

    /// <summary>Reads an index: <c>3</c>, <c>3.0</c> (a table that once held missing values), <c>LABEL_3</c>, <c>false</c>, <c>true</c>.</summary>
    /// <param name="label">A label.</param>
    /// <param name="index">The number.</param>
    public static bool TryIndex(string label, out int index)
    {
        var text = label.AsSpan().Trim();
        if (text.Equals("false", StringComparison.OrdinalIgnoreCase) || text.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            index = text.Length == 4 ? 1 : 0;
            return true;
        }

        if (text.StartsWith("LABEL_", StringComparison.OrdinalIgnoreCase))
        {
            text = text[6..];
        }

        if (text.EndsWith(".0"))
        {
            text = text[..^2];
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index);
    }

    /// <summary>The first few, quoted and shortened: they may be anything.</summary>
    /// <param name="labels">Labels.</param>
    public static string List(IEnumerable<string> labels)
    {
        var some = labels.Take(Shown + 1).Select(Show).ToList();
        return some.Count > Shown ? string.Join(", ", some.Take(Shown)) + ", …" : string.Join(", ", some);
    }

    private static string Show(string label) => $"'{(label.Length > ShownLength ? label[..ShownLength] + "…" : label)}'";
}
