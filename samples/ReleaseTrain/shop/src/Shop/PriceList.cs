namespace Shop;

/// <summary>Prices in cents, with a tenth off from ten pieces on.</summary>
public sealed class PriceList
{
    private readonly Dictionary<string, int> _cents = new() { ["apple"] = 40, ["bread"] = 320, ["coffee"] = 790 };

    public IReadOnlyDictionary<string, int> All => _cents;

    public int? Total(string article, int count)
    {
        if (count <= 0 || !_cents.TryGetValue(article, out int cents))
            return null;
        int total = checked(cents * count);
        return count >= 10 ? total - (total / 10) : total;
    }
}
