namespace AiAssignments.Inference.Serving.Versions;

/// <summary>Which version a name stands for, as last heard from the source. Not thread-safe.</summary>
internal sealed class ActiveNames(TimeProvider time, TimeSpan refresh)
{
    private readonly Dictionary<string, Heard> names = new(StringComparer.Ordinal);

    public ModelKey? Find(string name) => names.TryGetValue(name, out var heard) ? heard.Key : null;

    public bool IsActive(ModelKey key) => Find(key.Name) == key;

    public void Set(string name, ModelKey? key)
    {
        if (key is { } known)
        {
            names[name] = new(known, time.GetTimestamp(), names.TryGetValue(name, out var heard) && heard.Asking);
        }
        else
        {
            names.Remove(name);
        }
    }

    /// <summary>Whether it is time to ask again; <c>true</c> once until <see cref="Asked"/>.</summary>
    public bool TryAsk(string name)
    {
        if (!names.TryGetValue(name, out var heard) || heard.Asking || time.GetElapsedTime(heard.At) < refresh)
        {
            return false;
        }

        names[name] = heard with { Asking = true };
        return true;
    }

    public void Asked(string name)
    {
        if (names.TryGetValue(name, out var heard))
        {
            names[name] = heard with { Asking = false, At = time.GetTimestamp() };
        }
    }

    private readonly record struct Heard(ModelKey Key, long At, bool Asking);
}
