using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;

namespace AgentFlow.Contracts.Tests;

/// <summary>Random instances of contracts, by reflection, from a seed.</summary>
internal sealed class RandomValues(int seed, float negativeZero = -0f)
{
    private readonly Random _random = new(seed);
    private readonly NullabilityInfoContext _nullability = new();
    private int _depth;

    public T Next<T>() => (T)Make(typeof(T))!;

    private object? Make(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } inner => _random.Next(3) == 0 ? null : Make(inner),
        _ when type.IsEnum => Pick(Enum.GetValues(type).Cast<object>().Append(Enum.ToObject(type, 99)).ToArray()),
        TypeCode.Boolean => _random.Next(2) == 0,
        TypeCode.SByte => Pick<sbyte>(0, -1, sbyte.MinValue, sbyte.MaxValue),
        TypeCode.Byte => Pick<byte>(0, 1, 127, 128, 255),
        TypeCode.Int16 => Pick<short>(0, -1, short.MinValue, short.MaxValue, 300),
        TypeCode.UInt16 => Pick<ushort>(0, 1, ushort.MaxValue),
        TypeCode.Int32 => Pick(0, -1, 1, int.MinValue, int.MaxValue, _random.Next()),
        TypeCode.UInt32 => Pick(0u, 1u, uint.MaxValue, (uint)_random.Next()),
        TypeCode.Int64 => Pick(0L, -1L, long.MinValue, long.MaxValue, _random.NextInt64()),
        TypeCode.UInt64 => Pick(0ul, 1ul, ulong.MaxValue, (ulong)_random.NextInt64()),
        TypeCode.Char => Pick('\0', 'a', 'ß', '漢'),
        TypeCode.Single => Pick(0f, negativeZero, float.NaN, float.PositiveInfinity, float.Epsilon, (float)_random.NextDouble()),
        TypeCode.Double => Pick(0d, negativeZero, double.NaN, double.NegativeInfinity, double.MaxValue, _random.NextDouble()),
        TypeCode.Decimal => Pick(0m, 0.00m, 1.10m, decimal.MaxValue, decimal.MinValue, -0.0000000000000000000000000001m),
        TypeCode.String => Text(),
        _ => MakeObject(type),
    };

    private object MakeObject(Type type)
    {
        if (type == typeof(byte[]))
            return Bytes();
        if (type == typeof(ReadOnlyMemory<byte>))
            return (ReadOnlyMemory<byte>)Bytes();
        if (type == typeof(Guid))
            return Pick(Guid.Empty, new Guid(Bytes(16)));
        if (type == typeof(DateTimeOffset))
            return Pick(default, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, new DateTimeOffset(2026, 11, 20, 9, 8, 7, 6, TimeSpan.FromMinutes(_random.Next(-840, 841))).AddTicks(5));
        if (type == typeof(DateOnly))
            return Pick(default, DateOnly.MaxValue, new DateOnly(2026, 11, 20));
        if (type == typeof(TimeOnly))
            return Pick(default, TimeOnly.MaxValue, new TimeOnly(9, 8, 7));
        if (type == typeof(TimeSpan))
            return Pick(default, TimeSpan.MinValue, TimeSpan.MaxValue, TimeSpan.FromTicks(_random.NextInt64()));
        if (type == typeof(Uri))
            return Pick(new Uri("", UriKind.Relative), new Uri("https://example.org/a?b=ü"), new Uri("../c", UriKind.Relative));
        if (type.IsArray)
            return Many(type.GetElementType()!, static (element, items) => ToArray(element, items));
        if (type.IsGenericType)
            return MakeGeneric(type.GetGenericTypeDefinition(), type.GetGenericArguments());
        return type.IsAbstract ? Make(Pick(type.GetCustomAttributes<CaseAttribute>().ToArray()).Type)! : MakeContract(type);
    }

    private object MakeGeneric(Type definition, Type[] arguments)
    {
        if (arguments.Length == 1)
        {
            return Many(arguments[0], (element, items) => definition == typeof(ImmutableArray<>)
                ? typeof(ImmutableCollectionsMarshal).GetMethod("AsImmutableArray")!.MakeGenericMethod(element).Invoke(null, [ToArray(element, items)])!
                : Activator.CreateInstance(typeof(List<>).MakeGenericType(element), ToArray(element, items))!);
        }

        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
        for (int i = Count(); i > 0; i--)
            map[Make(arguments[0])!] = Make(arguments[1]);
        return map;
    }

    private object MakeContract(Type type)
    {
        _depth++;
        ConstructorInfo constructor = type.GetConstructors().OrderByDescending(static c => c.GetParameters().Length).First();
        object value = constructor.Invoke([.. constructor.GetParameters().Select(p => IsNull(_nullability.Create(p)) ? null : Make(p.ParameterType))]);
        foreach (PropertyInfo property in type.GetProperties().Where(p => p.CanWrite && constructor.GetParameters().All(c => c.Name != p.Name)))
            property.SetValue(value, IsNull(_nullability.Create(property)) ? null : NotEmpty(_nullability.Create(property), Make(property.PropertyType)));
        _depth--;
        return value;
    }

    private bool IsNull(NullabilityInfo info) => info.ReadState == NullabilityState.Nullable && (_depth > 3 || _random.Next(3) == 0);

    /// <summary>An absent field stands for null and for an empty collection alike, so a nullable collection is never empty here.</summary>
    private static object? NotEmpty(NullabilityInfo info, object? value) =>
        info.ReadState == NullabilityState.Nullable && value is ICollection { Count: 0 } and not byte[] ? null : value;

    private object Many(Type element, Func<Type, IList, object> convert)
    {
        var items = new ArrayList();
        for (int i = Count(); i > 0; i--)
            items.Add(Make(element));
        return convert(element, items);
    }

    private int Count() => _depth > 2 ? 0 : Pick(0, 1, 2, 5);

    private static Array ToArray(Type element, IList items)
    {
        var array = Array.CreateInstance(element, items.Count);
        items.CopyTo(array, 0);
        return array;
    }

    private string Text() => Pick("", "a", "Grüße, 漢字 \U0001F680 \"\\\n", new string('x', _random.Next(400)));

    private byte[] Bytes(int? count = null)
    {
        byte[] bytes = new byte[count ?? _random.Next(300)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];
}
