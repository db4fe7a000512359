using System.Globalization;
using System.Text;

namespace AiAssignments.Terminal;

/// <summary>Text from outside (file names, labels, texts of a dataset) made harmless for a terminal: no escape sequences, no control or bidirectional override characters.</summary>
public static class SafeText
{
    /// <summary>The text with each control, format or line-separating character replaced by <c>U+FFFD</c>, cut to a width.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="longest">Most characters kept; an ellipsis marks a cut. Default 80.</param>
    public static string Of(string text, int longest = 80)
    {
        var safe = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (safe.Length >= longest)
            {
                return safe.Append('…').ToString();
            }

            var hostile = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
            safe.Append(hostile ? "\uFFFD" : rune.ToString());
        }

        return safe.ToString();
    }
}
