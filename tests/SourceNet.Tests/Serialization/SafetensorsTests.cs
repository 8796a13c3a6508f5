using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Serialization;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_put_together_byte_by_byte_is_read()
    {
        var file = Raw(
            """{"__metadata__":{"made by":"hand"},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"c":{"dtype":"I64","shape":[],"data_offsets":[8,16]}"""
            + ""","a":{"dtype":"BF16","shape":[1],"data_offsets":[16,18]},"e":{"dtype":"BOOL","shape":[3,0],"data_offsets":[18,18]}}""",
            [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x40, 0x40]);
        File.WriteAllBytes(folder["golden"], file);
        var tensors = Safetensors.Read(folder["golden"]);
        Assert.Equal(["a", "b", "c", "e"], tensors.Keys.Order());
        Assert.Equal([2, 1], tensors["b"].shape);
        Assert.Equal([1f, -2], tensors["b"].data<float>().ToArray());
        Assert.Equal(-2, tensors["c"].item<long>());
        Assert.Equal(ScalarType.BFloat16, tensors["a"].dtype);
        Assert.Equal(3f, tensors["a"].to(ScalarType.Float32).item<float>());
        Assert.Equal([3, 0], tensors["e"].shape);
        Assert.Equal("hand", Safetensors.ReadMetadata(folder["golden"])["made by"]);
    }

    [Fact]
    public void A_file_is_written_byte_for_byte_as_the_format_says()
    {
        using var small = tensor(new byte[] { 7, 8, 9 });
        using var large = tensor(new[] { 1.0, -2.0 });
        Safetensors.Write(folder["golden"], new Dictionary<string, Tensor> { ["a"] = small, ["z"] = large }, new Dictionary<string, string> { ["k"] = "v" });
        // Larger elements first, and spaces up to a multiple of eight: every tensor is aligned.
        var header = """{"__metadata__":{"k":"v"},"z":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}"""
            + ""","a":{"dtype":"U8","shape":[3],"data_offsets":[16,19]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [.. Raw(header, []), 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0, 7, 8, 9];
        Assert.Equal(expected, File.ReadAllBytes(folder["golden"]));
    }

    public static TheoryData<ScalarType> Types =>
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16,
        ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    [Theory, MemberData(nameof(Types))]
    public void Every_type_comes_back_as_it_was(ScalarType type)
    {
        using var values = (randn(3, 5) * 3).to(type);
        using var scalar = values[0, 0].clone();
        using var none = empty([0, 2], type);
        Safetensors.Write(folder["types"], new Dictionary<string, Tensor> { ["values"] = values, ["scalar"] = scalar, ["none"] = none });
        var read = Safetensors.Read(folder["types"]);
        foreach (var (key, tensor) in new[] { ("values", values), ("scalar", scalar), ("none", none) })
        {
            Assert.Equal(type, read[key].dtype);
            Assert.Equal(tensor.shape, read[key].shape);
            Assert.True(tensor.equal(read[key]).all().item<bool>());
        }
    }

    [Fact]
    public void Strides_and_offsets_do_not_matter()
    {
        using var square = arange(12, dtype: ScalarType.Float32).reshape(3, 4);
        var views = new Dictionary<string, Tensor>
        {
            ["transposed"] = square.t(),
            ["row"] = square[1],
            ["column"] = square[TensorIndex.Colon, 2],
            ["every second"] = square[TensorIndex.Colon, TensorIndex.Slice(0, 4, 2)],
            ["expanded"] = square[0].expand(5, 4),
            ["parameter"] = nn.Parameter(square.clone()),
        };
        Safetensors.Write(folder["views"], views);
        var read = Safetensors.Read(folder["views"]);
        Assert.All(views, view => Assert.True(read[view.Key].equal(view.Value).all().item<bool>(), view.Key));
    }

    [Fact]
    public void Special_values_keep_their_bits()
    {
        using var values = tensor(new[] { float.NaN, float.PositiveInfinity, -0f, float.Epsilon, BitConverter.UInt32BitsToSingle(0x7FC12345) });
        Safetensors.Write(folder["special"], new Dictionary<string, Tensor> { ["v"] = values });
        var read = Safetensors.Read(folder["special"])["v"];
        Assert.Equal(values.bytes.ToArray(), read.bytes.ToArray());
    }

    [Fact]
    public void Tensors_larger_than_one_piece_come_back()
    {
        using var values = arange((3 << 20) + 5, dtype: ScalarType.Int32);
        Safetensors.Write(folder["large"], new Dictionary<string, Tensor> { ["v"] = values });
        Assert.True(Safetensors.Read(folder["large"])["v"].equal(values).all().item<bool>());
    }

    [Fact]
    public void Names_of_any_script_and_metadata_come_back()
    {
        using var one = ones(1);
        string[] names = ["größe", "a\"b\\c", "層.0.weight", "with space", "\u0001", "+<>&", "😀", ""];
        var metadata = names.ToDictionary(name => name, name => name + "!");
        Safetensors.Write(folder["names"], names.ToDictionary(name => name, _ => one), metadata);
        Assert.Equal(names.Order(StringComparer.Ordinal), Safetensors.Read(folder["names"]).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(metadata, Safetensors.ReadMetadata(folder["names"]));
    }

    [Fact]
    public void An_empty_dictionary_is_a_file_too()
    {
        Safetensors.Write(folder["empty"], new Dictionary<string, Tensor>());
        Assert.Empty(Safetensors.Read(folder["empty"]));
        Assert.Empty(Safetensors.ReadMetadata(folder["empty"]));
    }

    [Fact]
    public void Writing_replaces_a_file_and_leaves_nothing_beside_it()
    {
        using var one = ones(1);
        File.WriteAllText(folder["model"], "old");
        Safetensors.Write(folder["model"], new Dictionary<string, Tensor> { ["v"] = one });
        Assert.Equal(["model"], folder.Names);
        Assert.Single(Safetensors.Read(folder["model"]));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        using var one = ones(1);
        using var meta = empty([1], ScalarType.Float32, torch.META);
        using var complex = ones([1], ScalarType.ComplexFloat32);
        using var sparse = ones([2, 2]).to_sparse();
        File.WriteAllText(folder["model"], "old");
        foreach (var (bad, problem) in new[] { (meta, "meta"), (complex, "ComplexFloat32"), (sparse, "sparse"), (null!, "null") })
        {
            var error = Assert.Throws<SafetensorsException>(
                () => Safetensors.Write(folder["model"], new Dictionary<string, Tensor> { ["good"] = one, ["bad"] = bad }));
            Assert.Contains("'bad'", error.Message);
            Assert.Contains(problem, error.Message);
        }
        Assert.Throws<SafetensorsException>(() => Safetensors.Write(folder["model"], new Dictionary<string, Tensor> { ["__metadata__"] = one }));
        Assert.Equal("old", File.ReadAllText(folder["model"]));
        Assert.Equal(["model"], folder.Names);
    }

    [Fact]
    public void A_destination_that_cannot_be_replaced_leaves_no_temporary_file()
    {
        using var one = ones(1);
        Directory.CreateDirectory(folder["folder"]);
        Assert.ThrowsAny<Exception>(() => Safetensors.Write(folder["folder"], new Dictionary<string, Tensor> { ["v"] = one }));
        Assert.Empty(folder.Names);
        Assert.ThrowsAny<IOException>(() => Safetensors.Write(folder["no such folder/model"], new Dictionary<string, Tensor> { ["v"] = one }));
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_to_be_so() =>
        Assert.Throws<FileNotFoundException>(() => Safetensors.Read(folder["nothing"]));

    public static TheoryData<string, string, int, string> BadHeaders => new()
    {
        { "not an object", "[]", 0, "does not begin with '{'" },
        { "empty", "", 0, "does not begin with '{'" },
        { "leading space", " {}", 0, "does not begin with '{'" },
        { "cut short", """{"a":{"dtype":"F32","sha""", 0, "not valid JSON" },
        { "garbage after", "{} x", 0, "not valid JSON" },
        { "lone surrogate", """{"\ud800":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4, "not valid JSON" },
        { "entry no object", """{"a":1}""", 0, "is no object" },
        { "metadata no object", """{"__metadata__":[]}""", 0, "no object of strings" },
        { "metadata number", """{"__metadata__":{"epoch":3}}""", 0, "'epoch', which is no string" },
        { "no type", """{"a":{"shape":[],"data_offsets":[0,4]}}""", 4, "lacks" },
        { "unknown type", """{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", 4, "F8_E4M3" },
        { "unknown member", """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"strides":[]}}""", 4, "'strides'" },
        { "twice the member", """{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4, "'dtype'" },
        { "twice the tensor", """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}""", 8, "twice" },
        { "negative size", """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "whole numbers" },
        { "fraction", """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}""", 6, "whole numbers" },
        { "huge number", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}}""", 4, "whole numbers" },
        { "shape no array", """{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", 4, "no array" },
        { "one offset", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}""", 4, "1 data_offsets" },
        { "product overflows", """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", 4, "larger than any memory" },
        { "product overflows beside 0", """{"a":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "larger than any memory" },
        { "offsets too short", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "takes 8 bytes" },
        { "offsets backwards", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "takes 4 bytes" },
        { "overlap", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "overlap" },
        { "gap", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}}""", 9, "gap" },
        { "file too short", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "cut off" },
        { "file too long", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "9 follow" },
        { "bool of 2", """{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}""", 1, "holds the byte 2" },
    };

    [Theory, MemberData(nameof(BadHeaders))]
    public void A_bad_header_is_refused_with_its_reason(string what, string header, int dataLength, string reason)
    {
        var path = folder[what];
        File.WriteAllBytes(path, Raw(header, Enumerable.Repeat((byte)2, dataLength).ToArray()));
        var error = Assert.Throws<SafetensorsException>(() => Safetensors.Read(path));
        Assert.StartsWith(path + ": ", error.Message);
        Assert.Contains(reason, error.Message);
        Assert.Equal(path, error.Path);
    }

    [Fact]
    public void Invalid_utf8_is_refused()
    {
        var header = Encoding.Latin1.GetBytes("{\"\u00FF\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}");
        File.WriteAllBytes(folder["utf8"], [.. Length(header.Length), .. header, 0, 0, 0, 0]);
        Assert.Throws<SafetensorsException>(() => Safetensors.Read(folder["utf8"]));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(100UL)]
    [InlineData(200_000_000UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData((ulong)long.MaxValue)]
    public void A_header_longer_than_the_file_is_refused(ulong length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        File.WriteAllBytes(folder["length"], bytes);
        Assert.Throws<SafetensorsException>(() => Safetensors.Read(folder["length"]));
        File.WriteAllBytes(folder["length"], bytes[..5]);
        Assert.Throws<SafetensorsException>(() => Safetensors.Read(folder["length"]));
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused_but_nothing_else()
    {
        var random = new Random(20);
        using var weight = randn(3, 4);
        using var flags = tensor(new[] { true, false });
        Safetensors.Write(folder["good"], new Dictionary<string, Tensor> { ["a.weight"] = weight, ["a.flags"] = flags, ["n"] = tensor(5L) },
            new Dictionary<string, string> { ["k"] = "v" });
        var good = File.ReadAllBytes(folder["good"]);
        var (read, refused) = (0, 0);
        for (var trial = 0; trial < 4000; trial++)
        {
            var bytes = good.ToArray();
            switch (random.Next(4))
            {
                case 0:
                    bytes = bytes[..random.Next(bytes.Length)];
                    break;
                case 1:
                    bytes = [.. bytes, .. new byte[random.Next(1, 20)]];
                    break;
                default:
                    for (var flips = random.Next(1, 6); flips > 0; flips--)
                    {
                        bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)"0123456789[]{},:\"-e."[random.Next(20)] : (byte)random.Next(256);
                    }
                    break;
            }
            File.WriteAllBytes(folder["bad"], bytes);
            using var scope = NewDisposeScope();
            try
            {
                Safetensors.Read(folder["bad"]);
                read++;
            }
            catch (SafetensorsException)
            {
                refused++;
            }
        }
        Assert.True(read > 100 && refused > 1000, $"{read} read, {refused} refused");
    }

    private static byte[] Raw(string header, byte[] data)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        return [.. Length(bytes.Length), .. bytes, .. data];
    }

    private static byte[] Length(int length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        return bytes;
    }
}
