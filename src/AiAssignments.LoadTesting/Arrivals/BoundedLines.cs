using System.Text;
using AiAssignments.Core.Errors;

namespace AiAssignments.LoadTesting.Arrivals;

/// <summary>Lines of a text, each held to a length before it is in memory.</summary>
internal sealed class BoundedLines(TextReader text, int longest)
{
    private readonly StringBuilder line = new();

    /// <summary>1-based number of the line that <see cref="Next"/> gave last.</summary>
    public long Number { get; private set; }

    /// <summary>The next line without its end; <c>null</c> at the end.</summary>
    /// <exception cref="ProblemException"><c>line-too-long</c>.</exception>
    public string? Next()
    {
        line.Clear();
        Number++;
        while (true)
        {
            switch (text.Read())
            {
                case -1:
                    return line.Length == 0 ? null : line.ToString();
                case '\n':
                    return line.ToString();
                case '\r' when text.Peek() == '\n':
                    break;
                case var c when line.Length < longest:
                    line.Append((char)c);
                    break;
                default:
                    throw new ProblemException("line-too-long", $"A line may have {longest:N0} characters.", $"line {Number}");
            }
        }
    }
}
