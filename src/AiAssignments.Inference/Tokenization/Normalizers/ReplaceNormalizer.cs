using AiAssignments.Inference.Tokenization.Text;

namespace AiAssignments.Inference.Tokenization.Normalizers;

/// <summary>Replaces every occurrence of a string; what is put in belongs to the last character of the occurrence.</summary>
internal sealed class ReplaceNormalizer(int[] pattern, int[] content) : INormalizer
{
    public void Normalize(AlignedText text, AlignedText scratch)
    {
        var points = text.CodePoints;
        if (points.IndexOf(pattern) < 0)
        {
            return;
        }

        var done = 0;
        for (int found; (found = points[done..].IndexOf(pattern)) >= 0;)
        {
            scratch.Append(text, done, found);
            done += found + pattern.Length;
            foreach (var point in content)
            {
                scratch.Add(point, text.Starts[done - 1], text.Ends[done - 1]);
            }
        }

        scratch.Append(text, done, points.Length - done);
        text.Swap(scratch);
        scratch.Clear();
    }
}
