namespace AiAssignments.Tests.Distillation;

/// <summary>Stops a run at its n-th moment, as a kill would: nothing after it runs, and nothing is tidied up.</summary>
internal sealed class Moments(int fatal)
{
    public List<string> Met { get; } = [];

    public void Meet(string name)
    {
        Met.Add(name);
        if (Met.Count == fatal)
        {
            throw new StoppedException();
        }
    }

    internal sealed class StoppedException : Exception;
}
