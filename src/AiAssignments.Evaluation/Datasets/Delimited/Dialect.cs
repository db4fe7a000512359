using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Delimited;

/// <summary>How fields and rows are separated. Rows end with LF, CRLF or CR; a row without any byte is no row.</summary>
/// <param name="Delimiter">An ASCII byte between fields.</param>
/// <param name="Quoted">A field that begins with <c>"</c> ends at the next lone <c>"</c>, and <c>""</c> in it is one quote (RFC 4180). A quote elsewhere is itself.</param>
internal readonly record struct Dialect(byte Delimiter, bool Quoted)
{
    /// <summary>The quote.</summary>
    public const byte Quote = (byte)'"';

    /// <summary>The dialect that a description tells of.</summary>
    /// <param name="description">Of a CSV or TSV dataset.</param>
    public static Dialect Of(DatasetDescription description) => new(Checked(description.Delimiter ?? ','), description.Quoted);

    /// <summary>A delimiter as a byte.</summary>
    /// <param name="delimiter">What the user said.</param>
    /// <exception cref="ProblemException"><c>csv-delimiter</c>.</exception>
    public static byte Checked(char delimiter) => delimiter is > (char)0 and < (char)127 and not ('"' or '\r' or '\n')
        ? (byte)delimiter
        : throw new ProblemException("csv-delimiter", $"The character U+{(int)delimiter:X4} cannot delimit fields; use one ASCII character other than a quote or a line end, for example , ; | or a tab.");

    /// <summary>The delimiter's name for a person.</summary>
    /// <param name="delimiter">The delimiter.</param>
    public static string Name(byte delimiter) => delimiter == '\t' ? "a tab" : $"'{(char)delimiter}'";
}
