namespace AiAssignments.Pipeline.Gateway;

/// <summary>Where an item stands in a list: a number, then a text, then its id, so that no two stand at the same place.</summary>
/// <param name="Number">A time in ticks, or a figure by <see cref="OfFigure"/>.</param>
/// <param name="Text">A text, compared by code unit; empty when the order is by number.</param>
/// <param name="Id">The item's id.</param>
internal readonly record struct SortKey(long Number, string Text, string Id) : IComparable<SortKey>
{
    /// <summary>A figure as a number of the same order; an absent one comes before all.</summary>
    public static long OfFigure(double? figure)
    {
        if (figure is not { } value || double.IsNaN(value))
        {
            return long.MinValue;
        }

        // IEEE 754 bits are ordered as the numbers are, but for the negative ones, which are ordered the other way round.
        var bits = BitConverter.DoubleToInt64Bits(value);
        return bits >= 0 ? bits : long.MinValue - bits;
    }

    public int CompareTo(SortKey other)
    {
        var order = Number.CompareTo(other.Number);
        order = order != 0 ? order : string.CompareOrdinal(Text, other.Text);
        return order != 0 ? order : string.CompareOrdinal(Id, other.Id);
    }
}
