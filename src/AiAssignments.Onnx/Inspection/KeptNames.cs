using AiAssignments.Core.Errors;

namespace AiAssignments.Onnx.Inspection;

/// <summary>Counts what an inspection keeps in memory of a file, and stores equal words (operators, domains) once.</summary>
internal sealed class KeptNames(long most, string path)
{
    private readonly HashSet<string> pool = new(StringComparer.Ordinal);
    private long kept;

    /// <summary>Counts something that is kept.</summary>
    /// <param name="characters">Its characters.</param>
    /// <param name="others">Its other bytes; about those of an object where not said.</param>
    public void Charge(int characters, int others = 64)
    {
        kept += ((long)characters * sizeof(char)) + others;
        if (kept > most)
        {
            throw new ProblemException("onnx-too-large", $"The names in the file take more than {most} bytes; a model's own are far fewer.", path);
        }
    }

    /// <summary>The one copy of a word.</summary>
    public string Once(string word)
    {
        if (pool.TryGetValue(word, out var known))
        {
            return known;
        }

        Charge(word.Length);
        pool.Add(word);
        return word;
    }
}
