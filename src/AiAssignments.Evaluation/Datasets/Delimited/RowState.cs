using System.Runtime.CompilerServices;

namespace AiAssignments.Evaluation.Datasets.Delimited;

/// <summary>Where a byte-by-byte reading of delimited text stands.</summary>
internal enum RowState : byte
{
    /// <summary>Between two rows, or before the first.</summary>
    BetweenRows,

    /// <summary>At the first byte of a field that is not the row's first.</summary>
    FieldStart,

    /// <summary>In a field that did not begin with a quote, or behind the closing quote of one that did.</summary>
    Unquoted,

    /// <summary>In a quoted field.</summary>
    Quoted,

    /// <summary>Just behind a quote in a quoted field: it closed the field, or escapes the next quote.</summary>
    AfterQuote,
}

/// <summary>The one definition of the dialect's grammar, byte by byte: slow, plain, and what the fast paths are tested against.</summary>
internal static class RowStates
{
    /// <summary>The state behind <paramref name="value"/>.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="value">The next byte.</param>
    /// <param name="dialect">The dialect.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RowState Next(this RowState state, byte value, Dialect dialect)
    {
        if (state == RowState.Quoted)
        {
            return value == Dialect.Quote ? RowState.AfterQuote : RowState.Quoted;
        }

        if (value == dialect.Delimiter)
        {
            return RowState.FieldStart;
        }

        if (value is (byte)'\n' or (byte)'\r')
        {
            return RowState.BetweenRows;
        }

        var opens = state != RowState.Unquoted && dialect.Quoted && value == Dialect.Quote;
        return opens ? RowState.Quoted : RowState.Unquoted;
    }
}
