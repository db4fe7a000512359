namespace AiAssignments.Local.Hosting;

/// <summary>Stops the host when its input ends: a pipe does so when the process at its other end is gone, however that went.</summary>
internal static class InputEnd
{
    /// <summary>Watches on a thread of its own, because reading a pipe holds one up.</summary>
    /// <param name="input">The input; what comes in it is passed over.</param>
    /// <param name="lifetime">The host.</param>
    public static Thread Watch(Stream input, IHostApplicationLifetime lifetime)
    {
        var thread = new Thread(() =>
        {
            Span<byte> nothing = stackalloc byte[256];
            try
            {
                while (input.Read(nothing) > 0)
                {
                }
            }
            catch (IOException)
            {
                // As good as its end.
            }

            lifetime.StopApplication();
        })
        {
            IsBackground = true,
            Name = "input-end",
        };
        thread.Start();
        return thread;
    }
}
