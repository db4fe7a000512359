using System.Globalization;
using AiAssignments.Onnx;
using Google.Protobuf;

namespace AiAssignments.Optimization.Graphs;

/// <summary>Writes a model whole or not at all, in one file or with its large tensors beside it: the graph takes its name last, and with it all is there.</summary>
/// <param name="model">The model.</param>
/// <param name="path">The graph's file.</param>
/// <param name="inlineBytes">Bytes of all tensors up to which they lie in it.</param>
/// <param name="dataName">Name of the file beside it, where they do not.</param>
/// <param name="moment">Called at named moments between moves, so that a test can stop there.</param>
internal sealed class ModelWriter(OnnxModel model, string path, long inlineBytes, string dataName, Action<string>? moment = null)
{
    // Runtimes map external data into memory by pages.
    private const int Alignment = 4096;
    private const int SmallestExternal = 1024;

    public long Write(CancellationToken cancellationToken)
    {
        var dataPath = Path.Combine(Path.GetDirectoryName(path)!, dataName);
        var (unfinished, unfinishedData) = (path + ".partial", dataPath + ".partial");
        try
        {
            // Messages are copied, the weights in them are shared.
            var copy = model.Proto.Clone();
            var tensors = TensorWalk.All(copy).ToList();
            var isInline = tensors.Sum(model.Tensors.Bytes) <= inlineBytes;
            if (isInline)
            {
                Inline(tensors, cancellationToken);
            }
            else
            {
                using var data = new FileStream(unfinishedData, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
                MoveOut(tensors, data, dataName, cancellationToken);
                data.Flush(flushToDisk: true);
            }

            using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                copy.WriteTo(stream);
                stream.Flush(flushToDisk: true);
            }

            cancellationToken.ThrowIfCancellationRequested();
            model.Tensors.Dispose();
            var bytes = new FileInfo(unfinished).Length;
            if (!isInline)
            {
                bytes += new FileInfo(unfinishedData).Length;
                File.Move(unfinishedData, dataPath, overwrite: true);
                moment?.Invoke("data");
            }

            File.Move(unfinished, path, overwrite: true);
            moment?.Invoke("graph");
            DataFiles.RemoveOthers(path, isInline ? null : dataName, model);
            return bytes;
        }
        finally
        {
            File.Delete(unfinished);
            File.Delete(unfinishedData);
        }
    }

    private void Inline(List<TensorProto> tensors, CancellationToken cancellationToken)
    {
        foreach (var tensor in tensors.Where(TensorReader.IsExternal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var bytes = new MemoryStream((int)model.Tensors.Bytes(tensor));
            model.Tensors.CopyTo(tensor, bytes, cancellationToken);
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
            tensor.ExternalData.Clear();
            tensor.ClearDataLocation();
        }
    }

    private void MoveOut(List<TensorProto> tensors, FileStream data, string location, CancellationToken cancellationToken)
    {
        foreach (var tensor in tensors)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!TensorReader.IsExternal(tensor) && (!tensor.HasRawData || tensor.RawData.Length < SmallestExternal))
            {
                continue;
            }

            data.Position = (data.Position + Alignment - 1) / Alignment * Alignment;
            var offset = data.Position;
            model.Tensors.CopyTo(tensor, data, cancellationToken);
            tensor.ClearRawData();
            tensor.ExternalData.Clear();
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = (data.Position - offset).ToString(CultureInfo.InvariantCulture) });
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
        }
    }
}
