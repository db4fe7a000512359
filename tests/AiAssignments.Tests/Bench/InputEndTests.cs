using System.IO.Pipes;
using AiAssignments.Local.Hosting;
using Microsoft.Extensions.Hosting;

namespace AiAssignments.Tests.Bench;

public sealed class InputEndTests
{
    [Fact]
    public void The_host_is_stopped_when_its_input_ends_and_not_before()
    {
        using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        using var reader = new AnonymousPipeClientStream(PipeDirection.In, writer.ClientSafePipeHandle);
        var lifetime = new Lifetime();
        var thread = InputEnd.Watch(reader, lifetime);
        writer.Write("whatever\n"u8);
        Assert.False(lifetime.IsStopped);
        writer.Dispose();
        Assert.True(thread.Join(TimeSpan.FromSeconds(30)));
        Assert.True(lifetime.IsStopped);
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public bool IsStopped { get; private set; }

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => IsStopped = true;
    }
}
